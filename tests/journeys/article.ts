export default async function(e: EventUserPreCreate): Promise
{
// The key of the vendor's API
const apiKey = 'MY_KEY';
// Some address
const ipAddress = '8.8.8.8'
// Ask the vendor
const response = await fetch(`https://api.ipgeolocation.io/ipgeo?apiKey=${apiKey}&ip=${ipAddress}`);
const data = await response.json();
return {
is_allowed: true,
mutations:{
user: {
custom_attributes: {
"city": data.city,
"country": data.country_name,
"timezone": data.time_zone.name
}
}
},
};
}
